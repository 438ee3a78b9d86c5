import { z } from 'zod';

/** Options of the store in Azure; names as configuration has them. */
export const AzureOptions = z
  .strictObject({
    /** `DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…`, or one with a shared access signature. */
    connectionString: z
      .string()
      .regex(/(^|;)(AccountName|BlobEndpoint)=/, 'must be a connection string of a storage account')
      .optional(),
    /** `https://account.blob.core.windows.net`, with a shared access signature behind it or not. */
    accountUrl: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    /** With `accountUrl`: a key of the account. Without it and without a signature: the identity of the machine or user. */
    accountKey: z.string().min(1).optional(),
    /** Of a managed identity that the user assigned; left out: that of the system. */
    clientId: z.string().min(1).optional(),
    container: z
      .string()
      .regex(
        /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
        'must be the name of a container: 3 to 63 of a-z, 0-9 and single "-"',
      ),
    /** Before every name: `alts/results`. */
    prefix: z
      .string()
      .max(512)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, 'must be names with "/" between them')
      .optional(),
    /** Tries of a request that the network or the server spoils. */
    maxAttempts: z.coerce.number().int().min(1).max(10).default(3),
    /** How long nothing may come or go in one try, whether the server is silent or who reads takes nothing. */
    timeoutMs: z.coerce.number().int().min(100).max(3_600_000).default(60_000),
  })
  .refine(({ connectionString, accountUrl }) => (connectionString === undefined) !== (accountUrl === undefined), {
    message: 'give either connectionString or accountUrl',
    path: ['connectionString'],
  })
  .refine(({ accountUrl, accountKey }) => accountKey === undefined || accountUrl !== undefined, {
    message: 'goes with accountUrl',
    path: ['accountKey'],
  });
export type AzureOptions = z.output<typeof AzureOptions>;
export type AzureOptionsInput = z.input<typeof AzureOptions>;
