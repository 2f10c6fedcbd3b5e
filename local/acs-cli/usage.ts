export const usage = `npm run acs                                       serves the emulator (ACS_PORT, 7080) until Ctrl-C
npm run acs -- COMMAND …                          acts at the emulator that runs

As a person who writes to us:
  sms NUMBER "text"                               --to our number
  whatsapp NUMBER|BSUID "text"                    --to channel, --media FILE, --reply ID, --reaction EMOJI (to --reply),
                                                  --hidden-number, --at TIME it was written (2026-01-31T09:00:00Z)
  chat NAME "text"                                goes on in the last thread, --thread ID or --new; --name shown to others
  email ADDRESS "subject" "text"                  --to address, --reply ID, --name, --app ADDRESS of the app,
                                                  --forged (no gateway vouches for the sender)
  watch NUMBER|BSUID|ADDRESS|NAME                 shows what that person gets, until Ctrl-C

Around it:
  status                                          addresses, numbers, subscriptions
  subscribe ADDRESS                               --cloud-events, --batch N, --name NAME
  unsubscribe NAME
  events                                          --type SMSReceived, --limit N
  analysis on|off                                 WhatsApp's own analysis of messages; --to channel,
                                                  --spelling keyphraseExtraction for the other form of its event
  dead-letters                                    what could not be delivered, and why
  redeliver                                       delivers the dead letters again
  advance SECONDS                                 puts the emulator's clock forward, not Parley's: to have Parley find
                                                  WhatsApp's window closed, write with --at two days ago
  reset                                           forgets conversations and events

The emulator is found by ACS_EMULATOR_URL, else ACS_PORT, else by itself.
Serving: ACS_LIMITS=true applies ACS's rate limits; ACS_TIME_SCALE=60 retries 60 times as fast; PARLEY_DATA is the
folder of its state (.local).`;
