import { Firefox } from "./lib/firefox.mjs";
import { suite } from "./lib/suite.mjs";

suite(Firefox);
