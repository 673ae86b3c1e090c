/** Where the runtime of ONNX models is found: beside this file, or among the packages of Switchyard. */
export { Tokenizer } from '@huggingface/tokenizers';
export { InferenceSession, Tensor } from 'onnxruntime-node';
