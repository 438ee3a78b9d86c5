import { z } from 'zod';
import { DOCS_FILES, type DocsFile } from './docs-page.ts';
import { NOT_FOUND } from './openapi/common-answers.ts';
import { namedOutput } from './openapi/json-schema.ts';
import type { Operations } from './openapi/operation.ts';

const Alive = namedOutput(z.object({ status: z.literal('ok') }), { id: 'Alive' });
const Unready = namedOutput(
  z.object({ status: z.literal('unavailable'), reason: z.string().describe('What is not there.') }),
  { id: 'Unready' },
);

/** What the document says of the routes in `service-routes.ts`, `metrics.ts` and `docs-routes.ts`. */
export const serviceOperations: Operations = {
  'GET /healthz': {
    id: 'getHealth',
    tag: 'service',
    summary: 'Whether the process is alive',
    answers: { 200: { description: 'It is.', content: { 'application/json': Alive } } },
  },
  'GET /readyz': {
    id: 'getReadiness',
    tag: 'service',
    summary: 'Whether tasks can be taken',
    answers: {
      200: { description: 'They can.', content: { 'application/json': Alive } },
      503: { description: 'The task table does not answer.', content: { 'application/json': Unready } },
    },
  },
  'GET /metrics': {
    id: 'getMetrics',
    tag: 'service',
    summary: 'Figures for Prometheus',
    answers: {
      200: {
        description: 'In the text format 0.0.4.',
        content: { 'text/plain; version=0.0.4; charset=utf-8': z.string() },
      },
    },
  },
  'GET /openapi.json': {
    id: 'getDocument',
    tag: 'service',
    summary: 'This document',
    answers: {
      200: { description: 'OpenAPI 3.1.', content: { 'application/json': z.record(z.string(), z.unknown()) } },
    },
  },
  'GET /docs': {
    id: 'getDocs',
    tag: 'service',
    summary: 'This document for people, to try it out',
    answers: { 200: { description: 'Swagger UI.', content: { 'text/html; charset=UTF-8': z.string() } } },
  },
  'GET /docs/{file}': {
    id: 'getDocsFile',
    tag: 'service',
    summary: 'What that page consists of',
    path: z.object({ file: z.enum(Object.keys(DOCS_FILES) as DocsFile[]) }),
    answers: {
      200: {
        description: 'A script, a style sheet or a picture.',
        content: {
          'text/javascript; charset=utf-8': z.string(),
          'text/css; charset=utf-8': z.string(),
          'image/png': z.string(),
        },
      },
      ...NOT_FOUND,
    },
  },
};
