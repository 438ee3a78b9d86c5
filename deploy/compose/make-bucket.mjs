import { createRequire } from 'node:module';

const require = createRequire('/opt/alts/packages/storage-s3/package.json');
const { CreateBucketCommand, HeadBucketCommand, S3Client } = require('@aws-sdk/client-s3');

const client = new S3Client({
  endpoint: 'http://s3:9000',
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'alts', secretAccessKey: 'change-me-too' },
});
const bucket = { Bucket: 'alts' };
const isThere = await client.send(new HeadBucketCommand(bucket)).then(
  () => true,
  () => false,
);
if (!isThere) await client.send(new CreateBucketCommand(bucket));
