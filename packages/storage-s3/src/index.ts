import { definePlugin } from '@alts/sdk/plugin';
import { S3Options } from './s3-options.ts';
import { s3Store } from './s3-store.ts';

export { S3Options, type S3OptionsInput } from './s3-options.ts';
export { s3Store } from './s3-store.ts';

export default definePlugin({ kind: 'result-store', name: 's3', options: S3Options, create: s3Store });
