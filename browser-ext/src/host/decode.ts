/**
 * Strict decoding of JSON that another program sent: unknown, missing and mistyped fields are all refused
 * (docs/native-messaging.md, "Framing").
 */

/** A message that does not keep to the protocol. Says where, never what was there: it could be personal. */
export class ProtocolViolation extends Error {
  override readonly name = "ProtocolViolation";
}

export type Decoder<T> = (value: unknown, where: string) => T;
type Decoded<D> = D extends Decoder<infer T> ? T : never;
type Fields = Record<string, Decoder<unknown>>;

/** A field that may be absent. `null` is not absent. */
class Optional<T> {
  constructor(readonly decode: Decoder<T>) {}
}

export const string =
  (longest = 4096): Decoder<string> =>
  (value, where) => {
    if (typeof value !== "string" || value.length > longest) throw new ProtocolViolation(where);
    return value;
  };

export const boolean: Decoder<boolean> = (value, where) => {
  if (typeof value !== "boolean") throw new ProtocolViolation(where);
  return value;
};

export const integer =
  (least: number, most: number): Decoder<number> =>
  (value, where) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
      throw new ProtocolViolation(where);
    }
    return value;
  };

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Decoder<T> =>
  (value, where) => {
    if (!allowed.some((one) => one === value)) throw new ProtocolViolation(where);
    return value as T;
  };

export const list =
  <T>(decode: Decoder<T>, longest: number): Decoder<T[]> =>
  (value, where) => {
    if (!Array.isArray(value) || value.length > longest) throw new ProtocolViolation(where);
    return value.map((item, index) => decode(item, `${where}[${index}]`));
  };

/** Any JSON object, its members unread. */
export const record: Decoder<Record<string, unknown>> = (value, where) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ProtocolViolation(where);
  return value as Record<string, unknown>;
};

/** An object with all `required` fields and none but the `optional` ones besides; a field in both is required. */
export function object<R extends Fields, O extends Fields>(
  required: R,
  optional: O,
): Decoder<{ [K in keyof R]: Decoded<R[K]> } & { [K in keyof O]?: Decoded<O[K]> }> {
  const fields = new Map<string, Decoder<unknown> | Optional<unknown>>();
  for (const [name, decode] of Object.entries(required)) fields.set(name, decode);
  for (const [name, decode] of Object.entries(optional)) {
    if (!fields.has(name)) fields.set(name, new Optional(decode));
  }
  return (value, where) => {
    const source = record(value, where);
    for (const name of Object.keys(source)) {
      if (!fields.has(name)) throw new ProtocolViolation(`${where}: unknown field`);
    }
    const result: Record<string, unknown> = {};
    for (const [name, field] of fields) {
      const present = Object.hasOwn(source, name);
      if (field instanceof Optional) {
        if (present) result[name] = field.decode(source[name], `${where}.${name}`);
      } else {
        if (!present) throw new ProtocolViolation(`${where}.${name}: missing`);
        result[name] = field(source[name], `${where}.${name}`);
      }
    }
    return result as { [K in keyof R]: Decoded<R[K]> } & { [K in keyof O]?: Decoded<O[K]> };
  };
}
