import { BearerKeyGuard, BearerKeyModule, CurrentKey } from '@keytrail/guard';
import type { BearerKeyOptions, VerifiedKey } from '@keytrail/guard';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

@Controller('orders')
@UseGuards(BearerKeyGuard)
class OrdersController {
  @Get()
  list(@CurrentKey() key: VerifiedKey): object {
    return { orders: ['Tea', 'Cake'], for: key.name, keyId: key.apiKeyId };
  }
}

/** A service of somebody else, which lets its callers in by their Keytrail keys. */
@Module({})
export class OrdersModule {
  static forRoot(keytrail: BearerKeyOptions): DynamicModule {
    return {
      module: OrdersModule,
      imports: [BearerKeyModule.forRoot(keytrail)],
      controllers: [OrdersController],
    };
  }
}
