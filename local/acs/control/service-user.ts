import { resource } from '../resource.ts';

/** A chat user that is always there: the one that an app under trial writes as, and that people meet in new threads. */
export const serviceUser = `8:acs:${resource.id}_5e41ce00-0000-4000-8000-000000000001`;
