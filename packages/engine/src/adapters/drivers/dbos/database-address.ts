/** How the engine's own database is reached: what of its address means encryption, and what went wrong with that. */

/** Of libpq's modes those that encrypt where the server offers it, or without a look at whose certificate it is. */
const halfModes = ['allow', 'prefer', 'require', 'verify-ca'];

/**
 * The address as the driver takes it. Encrypted means that the certificate is checked: what `sslmode=require` and its like say to libpq would let anyone
 * between answer. The driver reads them so too, with a warning of many lines. Only `no-verify` checks nothing, as its name says.
 */
export function checkedAddress(databaseUrl: string): string {
  const mode = /([?&]sslmode=)([^&]*)/.exec(databaseUrl);
  return mode && halfModes.includes(mode[2] as string) ? databaseUrl.replace(mode[0], `${mode[1]}verify-full`) : databaseUrl;
}

/** What can be done about the encryption of the way to the database; empty where it is none of that. */
export function encryptionAdvice({ code = '', message }: Error & { code?: string }): string {
  if (/UNABLE_TO_|SELF_SIGNED|ISSUER|LEAF_SIGNATURE/.test(code))
    return 'Nobody who is known here has signed the certificate of the server: give the file of its authority by sslrootcert=FILE in the address.';
  if (/ALTNAME|HOSTNAME/.test(code)) return 'Name the server in the address as its certificate does.';
  if (/does not support SSL/.test(message))
    return 'The server takes no encrypted connections: switch TLS on there, or leave sslmode out where the way to it is safe.';
  if (/no encryption|pg_hba/.test(message)) return 'Where the server takes encrypted connections only, write sslmode=verify-full into the address.';
  return '';
}
