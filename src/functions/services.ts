import { createServices } from '../shared/services.ts';
import { readSettings } from '../shared/settings.ts';

/** One for the process: wrong settings stop the app from loading, by name. */
export const services = createServices(readSettings());
