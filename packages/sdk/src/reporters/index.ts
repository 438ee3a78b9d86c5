/** What a test looks like to people and to other tools: pure functions over reports, small classes over events. */
export { artifactReader } from './artifact-reader.ts';
export { github } from './github.ts';
export { html } from './html/html.ts';
export { json } from './json.ts';
export { junit } from './junit.ts';
export { LiveProgress } from './live-progress.ts';
export { COLOURED, type Palette, PLAIN } from './palette.ts';
export { PlainProgress } from './plain-progress.ts';
export type { Progress, ProgressOutput } from './progress.ts';
export { type ReportTextOptions, reportText } from './report-text.ts';
export type { ArtifactReader, ArtifactTail, Reporter } from './reporter.ts';
export { REPORT_FORMATS, REPORTERS, type ReportFormat } from './reporters.ts';
export { safeLine, safeText } from './safe-text.ts';
export { summaryTable } from './summary.ts';
export { tap } from './tap.ts';
