import { z } from 'zod';

/** How bad a finding is: only `error` fails a test. */
export const Severity = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;
