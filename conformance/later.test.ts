import { SUBJECTS } from "./subjects.ts";
import { describeLater } from "./vectors.ts";

for (const [subject, { later }] of SUBJECTS) {
  if (later === undefined) continue;
  describeLater(later.files === undefined ? subject : `${subject}: ${later.files.join(", ")}`, later.reason);
}
