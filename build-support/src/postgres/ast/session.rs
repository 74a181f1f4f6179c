//! `SET` and `RESET`.

use super::*;

nodes! {
    Reset RESET { target: one ResetTarget }
    Set SET { local: has LOCAL_SCOPE, target: one SetTarget }
    SetConfig SET_CONFIG { parameter: node CONFIG_PARAMETER_REF, to: one ToConfigValue }
    SetConfigParam SET_CONFIG_PARAM { parameter: node CONFIG_PARAMETER_REF }
    SetSchemaValue SET_SCHEMA_VALUE { schema: one Literal }
    SetTimeZone SET_TIME_ZONE {
        value: one ConfigValue, interval: node CAST_EXPR, default: has DEFAULT_KW, local: has LOCAL_KW,
    }
    ToConfigValue TO_CONFIG_VALUE { values: all ConfigValue, default: has DEFAULT_KW }
}

choices! {
    ConfigValue { Literal; Name CONFIG_VALUE_NAME, Negative PREFIX_EXPR; }
    ResetTarget {
        ;
        All ALL, Parameter CONFIG_PARAMETER_REF, TimeZone RESET_TIME_ZONE, Isolation RESET_TRANSACTION_ISOLATION;
    }
    SetTarget { SetConfig, SetSchemaValue, SetTimeZone; Other SET_CATALOG | SET_XML_OPTION; }
}
