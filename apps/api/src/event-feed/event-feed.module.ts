import { EventLog } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { LogHead } from '../stores/log-head.js';
import { LOGGER } from '../stores/tokens.js';
import { FeedService } from './feed.service.js';
import { feedSource } from './feed-source.js';
import { History } from './history.js';
import { LiveTail } from './live-tail.js';
import { ReadEventsController } from './read-events.controller.js';

@Module({
  imports: [AccessModule],
  controllers: [ReadEventsController],
  providers: [
    FeedService,
    History,
    {
      provide: LiveTail,
      inject: [EventLog, LogHead, LOGGER],
      useFactory: (log: EventLog, head: LogHead, logger: Logger) =>
        new LiveTail(feedSource(log, head, logger)),
    },
  ],
})
export class EventFeedModule {}
