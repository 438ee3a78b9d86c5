import { z } from 'zod';

/** Options of the store in S3; names as configuration has them. */
export const S3Options = z
  .strictObject({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket: 3 to 63 of a-z, 0-9, "." and "-"'),
    /** Makes the bucket where there is none. */
    createBucket: z.boolean().default(false),
    /** Left out: that of `AWS_REGION` or of a profile, else `us-east-1`. */
    region: z.string().min(1).optional(),
    /** Of a server that is not Amazon's: `https://s3.example`. */
    endpoint: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    /** `endpoint/bucket/key` and not `bucket.endpoint/key`. Left out: where there is an endpoint. */
    pathStyle: z.boolean().optional(),
    /** Before every key: `alts/results`. */
    prefix: z
      .string()
      .max(512)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, 'must be names with "/" between them')
      .optional(),
    /** Left out: what the environment, a profile or the machine's role gives. */
    accessKeyId: z.string().min(1).optional(),
    secretAccessKey: z.string().min(1).optional(),
    sessionToken: z.string().min(1).optional(),
    serverSideEncryption: z.enum(['AES256', 'aws:kms']).optional(),
    kmsKeyId: z.string().min(1).optional(),
    /** Tries of a request that the network or the server spoils. */
    maxAttempts: z.coerce.number().int().min(1).max(10).default(3),
    /** How long nothing may come or go, whether the server is silent or who reads takes nothing; and for connecting. */
    timeoutMs: z.coerce.number().int().min(100).max(3_600_000).default(60_000),
  })
  .refine(({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined), {
    message: 'accessKeyId and secretAccessKey go together',
    path: ['secretAccessKey'],
  })
  .refine(({ kmsKeyId, serverSideEncryption }) => kmsKeyId === undefined || serverSideEncryption === 'aws:kms', {
    message: 'goes with serverSideEncryption: aws:kms',
    path: ['kmsKeyId'],
  });
export type S3Options = z.output<typeof S3Options>;
export type S3OptionsInput = z.input<typeof S3Options>;
