/** Makes what others wrote fit to be shown. */

const LONGEST = 200;

/** Invisible and direction-changing characters, with which a name could rearrange the text around it. */
const DISGUISES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A site's or account's text on one line, without disguises, of bearable length. */
export function shownText(foreign: string): string {
  const clean = foreign.replace(DISGUISES, "").trim();
  const characters = Array.from(clean);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : clean;
}

/** The program as it is typed into a shell: with its path where that is known, quoted where it must be. */
export function shownProgram(path: string | undefined): string {
  const clean = (path ?? "jpki-authenticator").replace(DISGUISES, "");
  return /^[\w./+:@-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`;
}

/** `2031-04-01` as a reader of `language` writes it. */
export function shownDate(day: string, language: string): string {
  const time = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(time.getTime())) return day;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(time);
}

/** A time, in seconds since 1970, as a reader of `language` writes it, by this computer's clock. */
export function shownMoment(seconds: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(seconds * 1000);
}

/** A duration as minutes and seconds: `1:05`. */
export function shownDuration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
