/** Every `code` of Keytrail's own problem documents. */
export const problemCodes = [
  'missing_credentials',
  'malformed_authorization',
  'malformed_key',
  'unknown_key',
  'revoked_key',
  'wrong_account',
  'session_required',
  'key_required',
  'insufficient_role',
  'no_account',
  'closed',
  'foreign_origin',
  'invalid_request',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'headers_too_large',
  'refused',
  'rate_limited',
  'conflict',
  'key_already_created',
  'already_member',
  'invitation_accepted',
  'invitation_expired',
  'invitation_for_another',
  'last_owner',
  'sign_in_refused',
  'sign_in_unavailable',
  'overloaded',
  'event_log_unavailable',
  'event_log_mismatch',
  'read_model_behind',
  'read_model_unavailable',
  'internal_error',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** A code of the sign-in library's, such as `password_too_short`; only `/api/auth/*` answers them. */
export type SignInCode = string & { readonly ofTheSignInLibrary: never };
