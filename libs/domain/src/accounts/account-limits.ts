/** What one account may pile up. Who is over a limit from earlier keeps all that is there. */
export const accountLimits = {
  /** People who are in it at the same time. */
  members: 1_000,
  /** Invitations that can be accepted. */
  openInvitations: 200,
  /** Invitations within 24 hours, those included that replace one of the same address. */
  invitationsPerDay: 500,
} as const;
