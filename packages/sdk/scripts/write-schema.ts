import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from '../src/contracts/report.ts';

/** Part of the build: the report's JSON Schema as a file, for readers that are not written in TypeScript. */
writeFileSync(
  new URL('../dist/report.schema.json', import.meta.url),
  `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
);
