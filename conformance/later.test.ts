import { SUBJECTS } from "./subjects.ts";
import { describeLater } from "./vectors.ts";

for (const [subject, reader] of SUBJECTS) {
  if ("later" in reader) describeLater(subject, reader.later);
}
