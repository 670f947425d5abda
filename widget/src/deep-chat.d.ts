// The bundle that vite.config.ts points at has no declarations beside it; these are the parts in use.
declare module "deep-chat" {
  export class DeepChat extends HTMLElement {
    connect: { handler: (body: unknown, signals: unknown) => void };
    chatStyle: Partial<CSSStyleDeclaration>;
    textInput: { placeholder: { text: string } };
    addMessage(message: { role: string; html: string }): void;
    clearMessages(): void;
  }
}
