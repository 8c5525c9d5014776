/**
 * The hand-written contract and the generated declarations of the core say the same: the core has every method of the
 * contract, takes what the contract lets apps give, gives what the contract promises, and has nothing else.
 */
import type { InstallFlow, Paragon } from "#core";
import type ConnectSDK from "paragon-connect-wasm";
import type { InstallFlow as FlowContract } from "paragon-connect-wasm";

/** What JavaScript adds to the core, and what the core adds to what apps see. */
type OfJavaScript = "paginate" | "installFlow";
type OfBindings = "free" | "installFlow" | typeof Symbol.dispose;

type SDKContract = Omit<ConnectSDK, OfJavaScript>;
type Core = Omit<Paragon, OfBindings>;
type Flow = Omit<InstallFlow, OfBindings>;

/** The names of `A` that `B` does not have. */
type Missing<A, B> = Exclude<keyof A, keyof B>;
/** As a function: methods are compared more loosely. Of overloads it is the last. */
type Plain<T> = T extends (...values: infer Values) => infer Result ? (...values: Values) => Result : T;
/** The methods of `Contract` that those of `Own` cannot stand in for. */
type Unlike<Own, Contract> = {
  [K in keyof Contract & keyof Own]: Plain<Own[K]> extends Plain<Contract[K]> ? never : K;
}[keyof Contract & keyof Own];
type Nothing<T extends never> = T;

export type CoreLacks = Nothing<Missing<SDKContract, Core>>;
export type ContractLacks = Nothing<Missing<Core, SDKContract>>;
export type CoreIsUnlike = Nothing<Unlike<Core, SDKContract>>;
export type FlowLacks = Nothing<Missing<FlowContract, Flow>>;
export type FlowContractLacks = Nothing<Missing<Flow, FlowContract>>;
export type FlowIsUnlike = Nothing<Unlike<Flow, FlowContract>>;
/** With all overloads. */
export const whole: (core: Core) => SDKContract = (core) => core;
export const wholeFlow: (flow: Flow) => Pick<FlowContract, keyof FlowContract> = (flow) => flow;
export const installFlow: (core: Paragon) => InstallFlow = (core) => core.installFlow;
