import { Chromium } from "./lib/chromium.mjs";
import { suite } from "./lib/suite.mjs";

suite(Chromium);
