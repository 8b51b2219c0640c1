import { ApiSettings } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { AttemptLimit } from '../../sessions/attempt-limit.js';
import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import { limits } from '../../http/limits.js';
import { LOGGER } from '../../stores/tokens.js';

export interface InvitationMail {
  readonly accountId: string;
  readonly invitationId: string;
  readonly to: string;
  readonly invitedBy: string;
  readonly accountName: string;
  readonly role: string;
  /** Holds the secret: it is in the mail and in no line of the log. */
  readonly url: string;
  readonly expiresAt: string;
}

/** The answer waits for the mail server, so each step of the delivery is short. */
const STEP_MS = 4_000;

const SUBJECT = 'An invitation to Keytrail';

/** How many mails go out within an hour, to one address and of one account. */
const { windowMs, toOne, ofAccount } = limits.mails;

/** Mails invitations by the server that SMTP_URL names. Without one, owners hand the link over. */
@Injectable()
export class InvitationMailer implements BeforeApplicationShutdown {
  private readonly byRecipient = new AttemptLimit({ max: toOne, windowMs });
  private readonly byAccount = new AttemptLimit({ max: ofAccount, windowMs });
  private readonly transport: Transporter | null;

  constructor(
    private readonly settings: ApiSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const { SMTP_URL } = settings;
    const timeouts = {
      connectionTimeout: STEP_MS,
      dnsTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
    };
    this.transport =
      SMTP_URL === undefined ? null : createTransport({ url: SMTP_URL, ...timeouts });
  }

  /**
   * Whether a mail server has taken the mail: not when there is none, or too many went out. The
   * invitation is valid either way.
   */
  async send(mail: InvitationMail): Promise<boolean> {
    if (!this.transport || !this.mayMail(mail)) return false;
    try {
      await this.transport.sendMail({
        from: this.settings.MAIL_FROM,
        to: { name: '', address: mail.to },
        // Nothing that somebody has chosen: it is all that many read.
        subject: SUBJECT,
        text: textOf(mail),
      });
      return true;
    } catch (error) {
      // Only the code: what a mail server says may quote what it was sent.
      const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
      const { invitationId } = mail;
      this.logger.warn({ invitationId, code }, 'the mail of an invitation could not be sent');
      return false;
    }
  }

  private mayMail({ invitationId, accountId, to }: InvitationMail): boolean {
    const isMuch = this.byRecipient.count(to) > 0 || this.byAccount.count(accountId) > 0;
    if (isMuch) this.logger.warn({ invitationId, accountId }, 'too many mails of invitations');
    return !isMuch;
  }

  beforeApplicationShutdown(): void {
    this.transport?.close();
  }
}

const textOf = ({ invitedBy, accountName, role, url, expiresAt }: InvitationMail): string => `Hello,

${invitedBy} invites you to the account "${accountName}" in Keytrail as ${role}.
To accept, open this link and sign in with this address:

${url}

The link is for you alone and works until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC.
If you did not expect it, do nothing.
`;
