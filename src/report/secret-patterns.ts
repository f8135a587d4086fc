/**
 * What a secret looks like where a pattern is enough: what stands before it, and the secret. Every repetition is
 * bounded, so that hostile text cannot make the search slow; every pattern begins with something rare.
 */
export const SECRET_PATTERNS: readonly RegExp[] = [
  // scheme://user:password@host; a password with @ or / in it reaches to the last @ before white space or a quote.
  /(:\/\/[^\s/:@]{0,256}:)([^\s@]{1,512}(?:@[^\s@'"`<>,]{0,512}(?=@)){0,8})(?=@)/g,
  // The same percent-encoded as a whole, as in a query string.
  /(%3a%2f%2f(?:(?!%3a|%40)[^\s&]){0,256}%3a)((?:(?!%40)[^\s&]){1,512})(?=%40)/gi,
  // https://token@host: nobody's name stands there.
  /(https?:\/\/)([^\s/@'"<>]{1,512})(?=@)/gi,
  /([?&](?:(?:access|auth|id|refresh|session)?_?token|key|secret|sig|signature|x-amz-(?:signature|credential|security-token))=)([^\s&#'"<>]{1,2048})/gi,
  /(authorization\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?(?:[a-z][\w-]{0,20}\s{1,8})?)([^\s'",;\\]{4,4096})/gi,
  /(bearer\s{1,8})([A-Za-z0-9._~+/=-]{8,2048})/gi,
  /(hooks\.slack\.com\/(?:services|workflows)\/)([\w/-]{8,256})/gi,
  // What services put in front of their tokens, so that they can be found.
  tokens(
    'gh[pousr]_[A-Za-z0-9]{20,255}',
    'github_pat_[A-Za-z0-9_]{20,255}',
    'gl(?:pat|dt|rt|ptt|cbt|soat|agent)-[\\w-]{16,255}',
    '(?:AKIA|ASIA)[A-Z0-9]{16}',
    '[sr]k_(?:live|test)_[A-Za-z0-9]{8,255}',
    'whsec_[A-Za-z0-9+/=]{16,255}',
    'xox[a-z]-[A-Za-z0-9-]{8,255}',
    'xapp-[A-Za-z0-9-]{8,255}',
    'npm_[A-Za-z0-9]{30,255}',
    'pypi-[\\w-]{32,512}',
    'AIza[\\w-]{30,64}',
    'GOCSPX-[\\w-]{20,64}',
    'SG\\.[\\w-]{16,64}\\.[\\w-]{16,128}',
    'sk-[\\w-]{20,255}',
    'hf_[A-Za-z0-9]{30,64}',
    'dop_v1_[a-f0-9]{32,128}',
    'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}',
    'eyJ[\\w-]{6,4096}\\.eyJ[\\w-]{2,8192}(?:\\.[\\w-]{0,4096})?',
  ),
];

function tokens(...shapes: readonly string[]): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])()(${shapes.join('|')})`, 'g');
}
