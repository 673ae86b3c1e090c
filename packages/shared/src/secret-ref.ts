/** A secret by its name: documents name secrets, and never hold one. */
import { z } from 'zod';

export const secretRefSchema = z
  .strictObject({ secret: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a secret name has letters, digits and _ only') })
  .meta({ title: 'Secret', description: 'Name of a secret, looked up in the vault, then in the environment as SWITCHYARD_SECRET_<NAME>.' });

/** Text as it is, or the name of a secret that holds it. */
export const textOrSecretSchema = z.union([z.string(), secretRefSchema]);

export type SecretRef = z.infer<typeof secretRefSchema>;
