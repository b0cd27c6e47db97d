// Drives the sandbox with Stripe's official client and prints what the client understood, as one JSON object.
import Stripe from 'stripe';

// The time is the test's, in Unix seconds.
const [base, key, secret, now] = process.argv.slice(2);
const { hostname, port } = new URL(base);
// The client knows no path before /v1/, the sandbox has one.
const httpClient = Stripe.createFetchHttpClient((url, options) => fetch(url.replace('/v1/', '/sandbox/stripe/v1/'), options));
const client = apiKey => new Stripe(apiKey, { host: hostname, port, protocol: 'http', httpClient, maxNetworkRetries: 0, telemetry: false });
const stripe = client(key);

const refusal = async call => {
  try {
    await call;
    return 'no error';
  } catch (error) {
    return [error.type, error.code, error.decline_code ?? error.param, error.statusCode].filter(part => part !== undefined).join(' ');
  }
};

const customer = await stripe.customers.create({ email: 'li@example.com', metadata: { from: 'node' } });
const session = await stripe.checkout.sessions.create({
  mode: 'payment', customer: customer.id, success_url: `${base}billing?session={CHECKOUT_SESSION_ID}`, cancel_url: `${base}billing`,
  line_items: [{ quantity: 2, price_data: { currency: 'cny', unit_amount: 1050, product_data: { name: 'Credit' } } }],
  payment_intent_data: { setup_future_usage: 'off_session' },
});
await fetch(session.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ number: '4242424242424242', expiry: '12/34', cvc: '123' }) });
const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge.balance_transaction'] });
const intent = paid.payment_intent.id;
const cards = await stripe.paymentMethods.list({ customer: customer.id });
const later = await stripe.paymentIntents.create({ amount: 700, currency: 'cny', customer: customer.id, payment_method: cards.data[0].id, off_session: true, confirm: true });
const setup = await stripe.checkout.sessions.create({
  mode: 'setup', currency: 'cny', customer: customer.id, success_url: `${base}billing/cards?added=true`, cancel_url: `${base}billing/cards`,
});
await fetch(setup.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ number: '5555555555554444', expiry: '12/34', cvc: '123' }) });
const saved = await stripe.checkout.sessions.retrieve(setup.id, { expand: ['setup_intent.payment_method'] });
const asking = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer: customer.id });
const nobody = { amount: 900, currency: 'cny', customer: customer.id, payment_method: asking.id, payment_method_types: ['card'], off_session: true, confirm: true };
const waiting = await stripe.paymentIntents.create(nobody).catch(error => error.payment_intent);
const bank = await stripe.paymentIntents.confirm(waiting.id, { payment_method: asking.id, return_url: `${base}billing` });
const once = { idempotencyKey: 'node-1' };
const [first, again] = [await stripe.refunds.create({ payment_intent: intent, amount: 100 }, once), await stripe.refunds.create({ payment_intent: intent, amount: 100 }, once)];
const types = new Set();
for await (const event of stripe.events.list({ limit: 3 })) types.add(event.type);
const event = (await stripe.events.list({ limit: 1, type: 'payment_intent.succeeded' })).data[0];
const payload = JSON.stringify(event);
const header = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Number(now) });
const told = await fetch(`${base}payments/webhook`, { method: 'POST', headers: { 'Stripe-Signature': header }, body: payload });

console.log(JSON.stringify({
  paid: `${paid.status} ${paid.payment_status} ${paid.amount_total} ${paid.payment_intent.latest_charge.balance_transaction.net}`,
  card: cards.data[0].card.last4,
  later: later.status,
  replayed: first.id === again.id,
  refunds: (await stripe.refunds.list({ payment_intent: intent })).data.length,
  setup: `${setup.status} ${setup.mode}`,
  saved: `${saved.status} ${saved.setup_intent.status} ${saved.setup_intent.payment_method.card.last4}`,
  mustConfirm: await refusal(stripe.paymentIntents.create(nobody)),
  bank: `${bank.status} ${bank.next_action.redirect_to_url.url.replace(bank.id, '')}`,
  declined: await refusal(stripe.paymentIntents.create({ amount: 500, currency: 'cny', confirm: true, payment_method: 'pm_card_chargeDeclinedInsufficientFunds' })),
  tooLarge: await refusal(stripe.refunds.create({ payment_intent: intent, amount: 100000 })),
  unknown: await refusal(stripe.customers.create({ colour: 'blue' })),
  missing: await refusal(stripe.paymentIntents.retrieve('pi_none')),
  otherBody: await refusal(stripe.refunds.create({ payment_intent: intent, amount: 200 }, once)),
  wrongKey: await refusal(client('sk_test_wrong').customers.list()),
  events: [...types].sort(),
  verified: stripe.webhooks.constructEvent(payload, header, secret, 300, undefined, Number(now) * 1000).id === event.id,
  told: told.status,
}));
