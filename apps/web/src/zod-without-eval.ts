/** Imported before anything that makes a schema: zod would compile its checks with `new Function`, which the content security policy refuses. */
import { z } from 'zod';

z.config({ jitless: true });
