// The relying party's pages, as a person sees and uses them.

import { until } from "./until.mjs";

/** The relying party in one tab. */
export class Site {
  /**
   * @param {import('puppeteer-core').Page} page
   * @param {string} origin
   */
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }

  /** @param {string} path */
  async open(path) {
    await this.page.goto(`${this.origin}${path}`, { waitUntil: "load" });
    await this.page.bringToFront();
  }

  /**
   * Fills in the registration form and starts the ceremony.
   *
   * @param {string} accountName
   * @param {{cardKey?: boolean}} [choice] asks for the card's own key, where the page leaves the choice
   */
  async register(accountName, { cardKey = false } = {}) {
    await this.open("/register");
    await this.page.locator("#account-name").fill(accountName);
    if (cardKey) await this.page.locator("#card-key").click();
    await this.page.locator("#register").click();
  }

  /** @returns {Promise<string>} a one-time code for another computer, made on the account's page */
  async linkCode() {
    await this.open("/account");
    await this.page.locator("#add-computer").click();
    await this.page.locator("#make-code").click();
    const shown = await this.page.waitForSelector("output#link-code");
    return (await shown?.evaluate((output) => output.textContent?.trim())) ?? "";
  }

  /**
   * Starts adding this computer to the account that the code is for.
   *
   * @param {string} code
   * @param {{cardKey?: boolean}} [choice]
   */
  async link(code, { cardKey = false } = {}) {
    await this.open("/register");
    await this.page.locator("#have-code").click();
    await this.page.locator("#link-code").fill(code);
    if (cardKey) await this.page.locator("#card-key").click();
    await this.page.locator("#register").click();
  }

  /** Starts adding a credential to the account that is signed in. */
  async addCredential() {
    await this.open("/register");
    await this.page.locator("#register").click();
  }

  /**
   * Starts a sign-in; without an account name the card says whose it is.
   *
   * @param {string} [accountName]
   */
  async signIn(accountName) {
    await this.open("/sign-in");
    if (accountName !== undefined) await this.page.locator("#account-name").fill(accountName);
    await this.page.locator("#sign-in").click();
  }

  /** @returns {Promise<{code: string, kind: string, text: string} | undefined>} the message on the page */
  async message() {
    return this.page
      .evaluate(() => {
        const element = document.querySelector("#message");
        if (!(element instanceof HTMLElement) || !element.checkVisibility()) return undefined;
        const text = element.innerText.trim();
        return text === ""
          ? undefined
          : { code: element.dataset["code"] ?? "", kind: element.dataset["kind"] ?? "", text };
      })
      .catch(() => undefined); // the page is on its way to another
  }

  /**
   * Waits for the message with this code and gives back its text.
   *
   * @param {string} code
   */
  async says(code) {
    /** @type {{code: string, text: string} | undefined} */
    let last;
    try {
      await until(`the page to say ${code}`, async () => {
        last = await this.message();
        return last?.code === code;
      });
    } catch (error) {
      throw new Error(
        `${error instanceof Error ? error.message : error}; it says ${JSON.stringify(last)} at ${this.page.url()}`,
      );
    }
    return last?.text ?? "";
  }

  /**
   * Waits for the account page and reads it.
   *
   * @returns {Promise<{name: string, vouchedBy: string, vouched: string[], credentials: string[][], text: string}>}
   */
  async account() {
    await until("the account page", async () => new URL(this.page.url()).pathname === "/account").catch(
      async (error) => {
        throw new Error(
          `${error.message}; still at ${this.page.url()}, saying ${JSON.stringify(await this.message())}`,
        );
      },
    );
    await this.page.waitForSelector("#account-name-shown");
    return this.page.evaluate(() => {
      /** @param {string} selector */
      const text = (selector) => {
        const element = document.querySelector(selector);
        return element instanceof HTMLElement ? element.innerText.trim() : "";
      };
      return {
        name: text("#account-name-shown"),
        vouchedBy: text("#vouched-by"),
        vouched: [...document.querySelectorAll("#vouched-by dl > div")].map((fact) =>
          [...fact.children].map((part) => /** @type {HTMLElement} */ (part).innerText.trim()).join(": "),
        ),
        credentials: [...document.querySelectorAll("#credentials tbody tr")].map((row) =>
          [...row.querySelectorAll("th, td")].map((cell) =>
            /** @type {HTMLElement} */ (cell).innerText.trim(),
          ),
        ),
        text: document.body.innerText,
      };
    });
  }

  async signOut() {
    await this.page.locator("#sign-out").click();
    await until("the account page to be left", () => new URL(this.page.url()).pathname !== "/account");
  }

  /**
   * Changes what the page posts to the relying party, as a script in the page could.
   *
   * @param {string} path of the request to change
   * @param {(body: any) => any} change
   */
  async alterPost(path, change) {
    // The test decides what is posted, in the middle of the page's own call.
    await this.page.exposeFunction("alterPost", (/** @type {string} */ body) =>
      JSON.stringify(change(JSON.parse(body))),
    );
    await this.page.evaluateOnNewDocument((altered) => {
      const page = /** @type {any} */ (globalThis);
      const post = page.fetch;
      page.fetch = async (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
        const meant = init?.method === "POST" && new URL(address, location.href).pathname === altered;
        return post(address, meant ? { ...init, body: await page.alterPost(init.body) } : init);
      };
    }, path);
  }

  /**
   * Changes what the relying party answers to the page, as a site that is set up wrongly would.
   *
   * @param {string} path of the request whose answer is changed
   * @param {string} member of the credential's options
   * @param {unknown} value
   */
  async alterOptions(path, member, value) {
    await this.page.evaluateOnNewDocument(
      (altered, name, instead) => {
        const page = /** @type {any} */ (globalThis);
        const fetched = page.fetch;
        page.fetch = async (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
          const response = await fetched(address, init);
          if (new URL(address, location.href).pathname !== altered) return response;
          const { publicKey } = await response.json();
          return Response.json({ publicKey: { ...publicKey, [name]: instead } });
        };
      },
      path,
      member,
      value,
    );
  }

  /** @param {string} path */
  async screenshot(path) {
    await this.page.screenshot({ path: /** @type {`${string}.png`} */ (path), fullPage: true });
  }
}
