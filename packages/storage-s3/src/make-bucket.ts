import { CreateBucketCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { DEFAULT_REGION } from './s3-client.ts';
import { hasStatus } from './s3-errors.ts';
import type { S3Options } from './s3-options.ts';

/** Makes the bucket where options want that and there is none; another program may make it at the same time. */
export async function makeBucket(
  client: S3Client,
  { bucket, createBucket }: Pick<S3Options, 'bucket' | 'createBucket'>,
): Promise<void> {
  if (!createBucket || (await isThere(client, bucket))) return;
  const region = await client.config.region();
  // The default is the one that must not be named.
  const where = region === DEFAULT_REGION ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...where }));
  } catch (error) {
    // BucketAlreadyOwnedByYou, or somebody else's, which the first artifact finds out.
    if (!hasStatus(error, 409)) throw error;
  }
}

async function isThere(client: S3Client, bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}
