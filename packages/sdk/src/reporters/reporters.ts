import { github } from './github.ts';
import { html } from './html/html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import type { Reporter } from './reporter.ts';
import { tap } from './tap.ts';

/** Every document that can be made of reports, by the name of its format. */
export const REPORTERS = { json, junit, tap, github, html } as const satisfies Readonly<Record<string, Reporter>>;

export type ReportFormat = keyof typeof REPORTERS;

export const REPORT_FORMATS = Object.keys(REPORTERS) as readonly ReportFormat[];
