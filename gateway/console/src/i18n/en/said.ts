// What nodes and the gateway say is English already. In English.
import { asWords } from "../../logic/sentences";

export default {
  said: asWords(),
  said_words: {
    apart: "; ",
    of: "{{of}}: {{what}}",
    raw: "In its own words",
    unknown: "It gave a reason that this page has no words for.",
  },
};
