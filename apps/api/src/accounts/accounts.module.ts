import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AcceptInvitationController } from './accept-invitation/accept-invitation.controller.js';
import { AcceptInvitation } from './accept-invitation/accept-invitation.service.js';
import { ChangeRoleController } from './change-role/change-role.controller.js';
import { AccountNames } from './common/account-names.js';
import { CurrentSessionController } from './current-session/current-session.controller.js';
import { InvitationMailer } from './invite-member/invitation-mailer.js';
import { InviteMemberController } from './invite-member/invite-member.controller.js';
import { ListAccountsController } from './list-accounts/list-accounts.controller.js';
import { ListAccountsHandler } from './list-accounts/list-accounts.handler.js';
import { ListMembersController } from './list-members/list-members.controller.js';
import { ListMembersHandler } from './list-members/list-members.handler.js';
import { LookUpInvitationController } from './look-up-invitation/look-up-invitation.controller.js';
import { LookUpInvitationHandler } from './look-up-invitation/look-up-invitation.handler.js';
import { RemoveMemberController } from './remove-member/remove-member.controller.js';
import { WhoAmIController } from './who-am-i/who-am-i.controller.js';
import { WhoAmIHandler } from './who-am-i/who-am-i.handler.js';
import { WithdrawInvitationController } from './withdraw-invitation/withdraw-invitation.controller.js';

/** Accounts, their members and their invitations. */
@Module({
  imports: [AccessModule, SessionsModule],
  controllers: [
    CurrentSessionController,
    WhoAmIController,
    ListAccountsController,
    ListMembersController,
    InviteMemberController,
    WithdrawInvitationController,
    LookUpInvitationController,
    AcceptInvitationController,
    ChangeRoleController,
    RemoveMemberController,
  ],
  providers: [
    AccountNames,
    WhoAmIHandler,
    ListAccountsHandler,
    ListMembersHandler,
    LookUpInvitationHandler,
    AcceptInvitation,
    InvitationMailer,
  ],
})
export class AccountsModule {}
