const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a request by this method asks for nothing to be changed (RFC 9110, section 9.2.1). */
export const isSafe = (method: string): boolean => SAFE_METHODS.includes(method);
