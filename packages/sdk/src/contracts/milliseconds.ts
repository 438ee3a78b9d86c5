import { z } from 'zod';

/** Milliseconds; setTimeout(3) cannot wait longer than 2^31 - 1. */
export const Milliseconds = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);
