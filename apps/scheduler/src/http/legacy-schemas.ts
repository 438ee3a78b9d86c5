import { z } from 'zod';
import { ExternalId, TaskPayload } from '../legacy/task-payload.ts';
import { namedInput, namedOutput } from './openapi/json-schema.ts';
import { orNull } from './openapi/or-null.ts';

/** A text, as clients check it. */
export const API_VERSION = '20210512';
const ApiVersion = z.literal(API_VERSION);

namedInput(TaskPayload, {
  id: 'LegacyTask',
  description: 'Null is as good as nothing, and fields that nobody knows are passed over.',
  written: orNull,
  examples: [
    {
      bs_task_id: 481501,
      runner_type: 'docker',
      dist_name: 'almalinux',
      dist_version: '9',
      dist_arch: 'x86_64',
      package_name: 'chan',
      package_version: '0.0.4-3.el9',
      callback_href: '/api/v1/tests/481501/result/',
      repositories: [{ name: 'br', baseurl: 'https://build.example/br/' }],
    },
  ],
});

export const CancelPayload = namedInput(
  z.object({ bs_task_ids: z.array(z.union([z.int(), ExternalId])).max(10_000) }),
  { id: 'LegacyCancellation', examples: [{ bs_task_ids: [481501, 481502] }] },
);

export const Scheduled = namedOutput(
  z.object({ api_version: ApiVersion, success: z.literal(true), task_id: z.string() }),
  { id: 'LegacyScheduled' },
);

/** What it says to whatever is not accepted. */
export const Refusal = namedOutput(
  z.object({ api_version: ApiVersion, success: z.literal(false), error_description: z.string() }),
  { id: 'LegacyRefusal' },
);
export const refusal = (error_description: string): z.output<typeof Refusal> => ({
  api_version: API_VERSION,
  success: false,
  error_description,
});

/** As FastAPI says it. */
export const Detail = namedOutput(z.object({ detail: z.string() }), { id: 'LegacyDetail' });

export const Cancelled = namedOutput(z.object({ success: z.literal(true) }), { id: 'LegacyCancelled' });

const Log = z.object({ name: z.string(), href: z.string(), type: z.literal('test_log') });
const Ended = z.object({ success: z.boolean(), output: z.string().optional() });

/** Stages stand under their names, each an object with `success`. */
const Summary = namedOutput(
  z
    .object({
      skipped_tests: z.array(z.string()),
      logs: z.array(Log),
      revoked: z.literal(true).optional().describe('Only of a test that was cancelled.'),
      tests: z.object({ package_integrity_tests: Ended }).optional(),
      third_party: z.record(z.string(), Ended).optional().describe('By the names of the tests.'),
    })
    .catchall(Ended),
  { id: 'LegacySummary', description: 'Each stage that ran stands under its name, with `success`.' },
);

export const Result = namedOutput(
  z.object({
    state: z.enum(['PENDING', 'STARTED', 'ABORTED', 'SUCCESS', 'FAILURE', 'REVOKED']),
    api_version: ApiVersion,
    result: Summary.optional().describe('Only with `SUCCESS`.'),
  }),
  { id: 'LegacyResult' },
);
