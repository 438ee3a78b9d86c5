import { definePlugin } from '@alts/sdk/plugin';
import { AzureOptions } from './azure-options.ts';
import { azureStore } from './azure-store.ts';

export { AzureOptions, type AzureOptionsInput } from './azure-options.ts';
export { azureStore } from './azure-store.ts';

export default definePlugin({ kind: 'result-store', name: 'azure', options: AzureOptions, create: azureStore });
