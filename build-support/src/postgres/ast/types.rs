//! Types, and those of an author's own.

use super::*;

nodes! {
    ArrayType ARRAY_TYPE { ty: one Type, array: has ARRAY_KW, bounds: nodes ARRAY_BOUND }
    AttributeOption ATTRIBUTE_OPTION { name: node ATTRIBUTE_NAME, value: node ATTRIBUTE_VALUE }
    BitType BIT_TYPE { arguments: one ArgList }
    BitVaryingType BIT_VARYING_TYPE { arguments: one ArgList }
    CharacterType CHARACTER_TYPE { arguments: one ArgList }
    CompositeFieldDef COMPOSITE_FIELD_DEF { name: node COMPOSITE_FIELD, ty: one Type }
    CompositeType COMPOSITE_TYPE { fields: each COMPOSITE_FIELD_LIST CompositeFieldDef }
    CreateDomain CREATE_DOMAIN { name: node DOMAIN, ty: one Type, constraints: all Constraint }
    CreateType CREATE_TYPE { name: node TYPE_NAME, kind: one CreateTypeKind }
    EnumType ENUM_TYPE { values: each VARIANT_LIST Variant }
    IntervalSecond INTERVAL_SECOND { precision: one Literal }
    IntervalType INTERVAL_TYPE { qualifier: one IntervalQualifier, precision: one Literal }
    PathType PATH_TYPE { path: node PATH_REF, arguments: one ArgList }
    PercentType PERCENT_TYPE { path: node PATH_REF, array: has ARRAY_KW, bounds: nodes ARRAY_BOUND }
    RangeType RANGE_TYPE { options: each ATTRIBUTE_LIST AttributeOption }
    TimeType TIME_TYPE { precision: one Literal, with_timezone: has WITH_TIMEZONE }
    TimestampType TIMESTAMP_TYPE { precision: one Literal, with_timezone: has WITH_TIMEZONE }
    VarcharType VARCHAR_TYPE { arguments: one ArgList }
    Variant VARIANT { literal: one Literal }
}

choices! {
    CreateTypeKind { CompositeType, EnumType, RangeType; Base BASE_TYPE; }
    FuncType { PercentType; ; Type }
    IntervalQualifier {
        IntervalSecond;
        Other INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE | INTERVAL_MONTH | INTERVAL_YEAR;
    }
    Type {
        ArrayType, BitType, BitVaryingType, CharacterType, IntervalType, PathType, TimeType, TimestampType, VarcharType;
        Double DOUBLE_TYPE;
    }
}
