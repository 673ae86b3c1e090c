/** Makes up the order desk's shop: two years of orders ending on 30 June 2026, the same at every call. */
import { createRandom, type Random } from './random.ts';
import { carriers, cities, firstNames, goods, lastNames } from './words.ts';

export interface Customer {
  id: number;
  name: string;
  email: string;
  city: string;
  country: string;
  since: string;
}
export interface Product {
  id: number;
  name: string;
  category: string;
  price: number;
}
export interface Order {
  id: number;
  customerId: number;
  orderedAt: string;
  status: string;
  total: number;
}
export interface OrderLine {
  id: number;
  orderId: number;
  productId: number;
  quantity: number;
  unitPrice: number;
  lineTotal: number;
}
/** `delayTimes` are those that have happened, `expected` the moment of arrival as known now; the shop stores neither, its carrier tells them. */
export interface Shipment {
  parcel: string;
  orderId: number;
  carrier: string;
  shippedAt: number;
  status: string;
  delayTimes: number[];
  expected: number;
  city: string;
}

export interface Shop {
  customers: Customer[];
  products: Product[];
  orders: Order[];
  orderLines: OrderLine[];
  shipments: Shipment[];
}

const day = 86_400_000;
const firstDay = Date.UTC(2024, 6, 1);
/** The moment at which the shop stands still: everything is told as it was then. */
export const shopNow = Date.UTC(2026, 5, 30, 18);

/** The whole shop, in memory. */
export function makeShop(): Shop {
  const random = createRandom(20_260_630);
  const customers = makeCustomers(random);
  const products = makeProducts(random);
  const shop: Shop = { customers, products, orders: [], orderLines: [], shipments: [] };
  for (const orderedAt of orderTimes(random)) addOrder(shop, random, orderedAt);
  return shop;
}

/** `2026-06-30 18:00:00`, in UTC. */
export function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

function makeCustomers(random: Random): Customer[] {
  const names = firstNames.flatMap((first) => lastNames.map((last) => ({ first, last })));
  return Array.from({ length: 600 }, (_, index) => {
    // Taking a name out of the list keeps full names unique, so that a name alone finds its customer.
    const [name] = names.splice(random.between(0, names.length - 1), 1) as [{ first: string; last: string }];
    const since = new Date(Date.UTC(2022, 0, 1) + random.between(0, 1_600) * day).toISOString().slice(0, 10);
    return {
      id: index + 1,
      name: `${name.first} ${name.last}`,
      email: `${name.first}.${name.last}@mail.example`.toLowerCase(),
      ...random.pick(cities),
      since,
    };
  });
}

function makeProducts(random: Random): Product[] {
  const list = Object.entries(goods).flatMap(([category, { from, names }]) =>
    names.map((name) => ({ name, category, price: from + random.between(0, from * 3) + 0.9 })),
  );
  return list.map((product, index) => ({ id: index + 1, ...product }));
}

/** Times of the orders, in order: more of them from month to month, within opening hours. */
function orderTimes(random: Random): number[] {
  const days = Math.floor((shopNow - firstDay) / day);
  const times = Array.from({ length: 6_000 }, () => {
    const along = Math.sqrt(0.25 + 0.75 * random.next());
    const onDay = Math.min(days, Math.floor((along * 2 - 1) * (days + 1)));
    return firstDay + onDay * day + random.between(7 * 60, 17 * 60 + 59) * 60_000;
  });
  return times.sort((a, b) => a - b);
}

function addOrder(shop: Shop, random: Random, orderedAt: number): void {
  const customer = pickCustomer(shop, random, orderedAt);
  const id = 1_001 + shop.orders.length;
  const wanted = new Set(Array.from({ length: random.between(1, 4) }, () => random.pick(shop.products)));
  let total = 0;
  for (const product of wanted) {
    const quantity = random.next() < 0.7 ? 1 : random.between(2, 4);
    const lineTotal = cents(quantity * product.price);
    total = cents(total + lineTotal);
    shop.orderLines.push({ id: shop.orderLines.length + 1, orderId: id, productId: product.id, quantity, unitPrice: product.price, lineTotal });
  }
  const isCancelled = random.next() < 0.04;
  const shippedAt = orderedAt + random.between(4, 60) * 3_600_000;
  const isShipped = !isCancelled && shippedAt < shopNow;
  const shipment = isShipped ? addShipment(shop, random, { orderId: id, shippedAt, city: customer.city }) : undefined;
  const status = isCancelled ? 'cancelled' : ((shipment && orderStatus(shipment.status)) ?? 'packing');
  shop.orders.push({ id, customerId: customer.id, orderedAt: timeText(orderedAt), status, total });
}

/** Some customers order far more often than others; nobody orders before being a customer. */
function pickCustomer(shop: Shop, random: Random, orderedAt: number): Customer {
  const today = timeText(orderedAt).slice(0, 10);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const customer = shop.customers[Math.floor(random.next() ** 1.6 * shop.customers.length)] as Customer;
    if (customer.since <= today) return customer;
  }
  return shop.customers.find((customer) => customer.since <= today) as Customer;
}

function addShipment(shop: Shop, random: Random, sent: Pick<Shipment, 'orderId' | 'shippedAt' | 'city'>): Shipment {
  const chance = random.next();
  const delays = chance < 0.82 ? 0 : chance < 0.92 ? 1 : chance < 0.97 ? 2 : 3;
  const delayTimes = Array.from({ length: delays }, (_, index) => sent.shippedAt + (1.5 + index * 2.5) * day).filter((time) => time <= shopNow);
  const expected = sent.shippedAt + (random.between(2, 5) + delayTimes.length * random.between(3, 4)) * day;
  const isReturned = random.next() < 0.02;
  const status = expected > shopNow ? (delayTimes.length > 0 ? 'delayed' : 'in transit') : isReturned ? 'returned' : 'delivered';
  const shipment = { parcel: `P-${20_001 + shop.shipments.length}`, carrier: random.pick(carriers), status, delayTimes, expected, ...sent };
  shop.shipments.push(shipment);
  return shipment;
}

function orderStatus(shipmentStatus: string): string {
  return shipmentStatus === 'delivered' || shipmentStatus === 'returned' ? shipmentStatus : 'shipped';
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
