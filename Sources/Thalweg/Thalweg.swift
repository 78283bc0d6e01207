@_exported public import ThalwegAdjoints
@_exported public import ThalwegDynamics
@_exported public import ThalwegIntegrators
@_exported public import ThalwegKernels
@_exported public import ThalwegNetworks
@_exported public import ThalwegStability
@_exported public import ThalwegTensors
@_exported public import ThalwegTraining
