/** The codes of the API's problem documents; the sign-in of people has others besides. */
export type ApiErrorCode =
  | 'missing_credentials'
  | 'malformed_authorization'
  | 'malformed_key'
  | 'unknown_key'
  | 'revoked_key'
  | 'wrong_account'
  | 'session_required'
  | 'key_required'
  | 'insufficient_role'
  | 'no_account'
  | 'closed'
  | 'foreign_origin'
  | 'invalid_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'refused'
  | 'rate_limited'
  | 'conflict'
  | 'key_already_created'
  | 'already_member'
  | 'too_many_members'
  | 'too_many_invitations'
  | 'invitation_accepted'
  | 'invitation_expired'
  | 'invitation_for_another'
  | 'last_owner'
  | 'sign_in_refused'
  | 'sign_in_unavailable'
  | 'overloaded'
  | 'event_log_unavailable'
  | 'event_log_mismatch'
  | 'read_model_behind'
  | 'read_model_unavailable'
  | 'read_too_long'
  | 'internal_error';

/** The codes of what goes wrong on this side of the wire. */
export type ClientErrorCode =
  /** No key was given and `KEYTRAIL_API_KEY` is not set. */
  | 'missing_api_key'
  /** No base URL was given and `KEYTRAIL_BASE_URL` is not set. */
  | 'missing_base_url'
  /** An option or an argument cannot be meant; nothing was sent. */
  | 'invalid_argument'
  /** No answer came, or it broke off. */
  | 'network_error'
  /** No answer came in time. */
  | 'timeout'
  /** The caller's signal ended the call. */
  | 'aborted'
  /** An answer came that is not one of Keytrail's. */
  | 'unexpected_answer';

/** All codes of today; codes of newer servers are strings as well. */
export type KeytrailErrorCode = ApiErrorCode | ClientErrorCode | (string & Record<never, never>);
