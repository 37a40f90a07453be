import * as z from 'zod';

/**
 * Zod makes its parsers with `new Function` where it may. A strict Content-Security-Policy forbids that, and already the probing is
 * reported as a violation. Imported first by the browser entry: the setting must stand before the first schema is made.
 */
z.config({ jitless: true });
