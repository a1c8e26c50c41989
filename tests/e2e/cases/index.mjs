// The one list of cases. Every browser runs it.

import { attestation } from "./attestation.mjs";
import { browser } from "./browser.mjs";
import { card } from "./card.mjs";
import { cardCredentials } from "./card-credentials.mjs";
import { ceremonies } from "./ceremonies.mjs";
import { computers } from "./computers.mjs";
import { firefoxCases } from "./firefox.mjs";
import { options } from "./options.mjs";
import { pages } from "./pages.mjs";
import { pin } from "./pin.mjs";
import { pinWindow } from "./pin-window.mjs";
import { prf } from "./prf.mjs";
import { privateWindows } from "./private.mjs";
import { service } from "./service.mjs";
import { severalCards } from "./several-cards.mjs";
import { severalWindows } from "./several-windows.mjs";
import { stumbles } from "./stumbles.mjs";
import { updates } from "./updates.mjs";
import { webPlatform } from "./web-platform.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const cases = [
  ...ceremonies,
  ...cardCredentials,
  ...computers,
  ...pin,
  ...pinWindow,
  ...prf,
  ...card,
  ...severalCards,
  ...stumbles,
  ...browser,
  ...pages,
  ...options,
  ...privateWindows,
  ...severalWindows,
  ...updates,
  ...firefoxCases,
  ...attestation,
  ...service,
  ...webPlatform,
];
