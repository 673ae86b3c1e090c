/**
 * The page's permission to add style elements, for the libraries that make some: the server's content security policy allows none without it.
 * The page carries it in <meta name="style-nonce">; where there is none (development), there is no policy either.
 */
const meta = typeof document === 'undefined' ? null : document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]');

/** Undefined where styles are not restricted. */
export const styleNonce: string | undefined = meta?.content || undefined;
