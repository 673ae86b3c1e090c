/** The egress guard and what is sent through it. */
export { createEgress, egressRefused, originOf, type ConnectAddress, type Egress, type EgressOptions, type Resolve } from './egress.ts';
export { classifyAddress, isAddress, type AddressClass } from './address.ts';
