import { S3Client } from '@aws-sdk/client-s3';
import type { S3Options } from './s3-options.ts';

/** Where Amazon makes buckets unless another region is named, and what other servers call theirs. */
export const DEFAULT_REGION = 'us-east-1';

export function clientFor(options: S3Options): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken, maxAttempts, timeoutMs } = options;
  const keys = accessKeyId !== undefined && secretAccessKey !== undefined;
  return new S3Client({
    region: region ?? regionOfEnvironment,
    maxAttempts,
    // On silence, in both directions: a limit on a request as a whole would be one on the speed of the network.
    requestHandler: { connectionTimeout: timeoutMs, socketTimeout: timeoutMs },
    forcePathStyle: options.pathStyle ?? endpoint !== undefined,
    // Servers that are not Amazon's do not all know the newer checksums; ours is in the metadata.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint !== undefined && { endpoint }),
    ...(keys && { credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) } }),
  });
}

/** That of `AWS_REGION` or of a profile. */
async function regionOfEnvironment(): Promise<string> {
  return await new S3Client({}).config.region().catch(() => DEFAULT_REGION);
}
