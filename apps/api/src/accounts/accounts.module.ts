import type { Provider, Type } from '@nestjs/common';
import { AcceptInvitationController } from './accept-invitation/accept-invitation.controller.js';
import { AcceptInvitation } from './accept-invitation/accept-invitation.service.js';
import { ChangeRoleController } from './change-role/change-role.controller.js';
import { InviteMemberController } from './invite-member/invite-member.controller.js';
import { ListAccountsController } from './list-accounts/list-accounts.controller.js';
import { ListAccountsHandler } from './list-accounts/list-accounts.handler.js';
import { ListMembersController } from './list-members/list-members.controller.js';
import { ListMembersHandler } from './list-members/list-members.handler.js';
import { LookUpInvitationController } from './look-up-invitation/look-up-invitation.controller.js';
import { LookUpInvitationHandler } from './look-up-invitation/look-up-invitation.handler.js';
import { RemoveMemberController } from './remove-member/remove-member.controller.js';
import { WithdrawInvitationController } from './withdraw-invitation/withdraw-invitation.controller.js';
import { ChangeAccountHandler } from '../commands/change-account.js';
import { AccountNames } from './common/account-names.js';

/** The use cases around the people of an account. */
export const peopleControllers: Type[] = [
  ListAccountsController,
  ListMembersController,
  InviteMemberController,
  WithdrawInvitationController,
  LookUpInvitationController,
  AcceptInvitationController,
  ChangeRoleController,
  RemoveMemberController,
];

export const peopleProviders: Provider[] = [
  AccountNames,
  ChangeAccountHandler,
  ListAccountsHandler,
  ListMembersHandler,
  LookUpInvitationHandler,
  AcceptInvitation,
];
