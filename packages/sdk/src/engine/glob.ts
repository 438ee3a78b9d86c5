export { matchesGlob } from '../contracts/glob.ts';
