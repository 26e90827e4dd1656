// Validate KEDA's objects, JSON from standard input, against its schemas; print a line for each violation.
import { createRequire } from "node:module";

const require = createRequire(process.argv[2]);
const { ScaledObject } = require("@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject");
const { TriggerAuthentication } = require("@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication");
const kinds = { ScaledObject, TriggerAuthentication };

let text = "";
for await (const part of process.stdin) text += part;
for (const { apiVersion, kind, ...rest } of JSON.parse(text)) {
  try {
    new kinds[kind](rest).validate();
  } catch (error) {
    console.log(`${kind}: ${error.message}`);
  }
}
