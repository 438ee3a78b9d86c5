import { z } from 'zod';

/** `[epoch:]version[-revision]`, deb-version(7), or `[epoch:]version-release` of rpm. */
export const PackageVersion = z
  .string()
  .max(255, 'is longer than 255 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9.+~^:_-]*$/, 'must be a version such as 1:2.10-2');
