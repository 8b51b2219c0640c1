import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { CreateKeyController } from './create-key/create-key.controller.js';
import { GetKeyController } from './get-key/get-key.controller.js';
import { GetKeyHandler } from './get-key/get-key.handler.js';
import { ListKeysController } from './list-keys/list-keys.controller.js';
import { ListKeysHandler } from './list-keys/list-keys.handler.js';
import { LookUpKeyController } from './look-up-key/look-up-key.controller.js';
import { RevokeKeyController } from './revoke-key/revoke-key.controller.js';

@Module({
  imports: [AccessModule],
  controllers: [
    CreateKeyController,
    ListKeysController,
    LookUpKeyController,
    GetKeyController,
    RevokeKeyController,
  ],
  providers: [ListKeysHandler, GetKeyHandler],
})
export class KeysModule {}
